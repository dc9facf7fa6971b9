//! Texts from outside, made fit for a terminal.

/// The longest line of a log.
pub(crate) const LOG_LINE: usize = 200;

/// The longest sentence of a controller: the scheduler's name every kind of node.
pub(crate) const SENTENCE: usize = 400;

/// One line without anything that a terminal would obey, of some length at most.
pub(crate) fn clean(text: &str, length: usize) -> String {
    let mut cleaned = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\u{1b}' => skip_escape(&mut characters),
            '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => cleaned.push(' '),
            _ if character.is_control() || is_invisible(character) => {}
            _ => cleaned.push(character),
        }
    }
    let cleaned = cleaned.trim_end();
    match cleaned.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &cleaned[..end]),
        None => cleaned.to_owned(),
    }
}

/// A colour or a movement of the cursor ends with a letter; a window's title with a bell.
fn skip_escape(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match characters.peek() {
        Some('[') => {
            characters.next();
            for character in characters.by_ref() {
                if ('@'..='~').contains(&character) {
                    return;
                }
            }
        }
        Some(']') => {
            for character in characters.by_ref() {
                if character == '\u{7}' || character == '\\' {
                    return;
                }
            }
        }
        _ => {}
    }
}

/// Characters that turn the direction of writing or hide.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_a_terminal_obeys() {
        let hostile = "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}a\u{8}\u{0}b\r\nnext\u{202e}line\u{9b}2J ";
        assert_eq!(clean(hostile, 100), "red ab  nextline2J");
    }

    #[test]
    fn an_escape_without_an_end_takes_the_rest() {
        assert_eq!(clean("a\u{1b}[12;", 100), "a");
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        assert_eq!(clean("äöü", 2), "äö…");
        assert_eq!(clean("äöü", 3), "äöü");
    }
}
