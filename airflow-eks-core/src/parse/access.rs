//! The parts of a node as serde walks them: list items, entries of a mapping, one choice of several.

use serde::de::{self, DeserializeSeed, IntoDeserializer, Visitor};

use super::deserializer::NodeDeserializer;
use super::refusal::Refusal;
use super::tree::{Entry, Node, Value};

pub(super) struct Items<'a, 'b> {
    pub(super) items: std::iter::Enumerate<std::slice::Iter<'a, Node>>,
    pub(super) parent: &'b NodeDeserializer<'a>,
}

impl<'de> de::SeqAccess<'de> for Items<'_, '_> {
    type Error = Refusal;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Refusal> {
        let Some((index, node)) = self.items.find(|(_, node)| !matches!(node.value, Value::Hole)) else {
            return Ok(None);
        };
        let path = self.parent.path.index(index);
        // A type that reads a text and then checks it refuses here, after the text itself was read without complaint.
        let item = NodeDeserializer { node, path: path.clone(), unknown: self.parent.unknown };
        seed.deserialize(item).map(Some).map_err(|refusal| refusal.placed(&path, &node.location))
    }
}

pub(super) struct Entries<'a, 'b> {
    pub(super) entries: std::vec::IntoIter<&'a Entry>,
    pub(super) current: Option<&'a Entry>,
    pub(super) parent: &'b NodeDeserializer<'a>,
}

impl<'de> de::MapAccess<'de> for Entries<'_, '_> {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refusal> {
        self.current = self.entries.next();
        let Some(entry) = self.current else { return Ok(None) };
        seed.deserialize(entry.key.as_str().into_deserializer()).map(Some).map_err(|mut refusal: Refusal| {
            refusal.path = self.parent.path.key(&entry.key);
            refusal.location = Some(Box::new(entry.key_location.clone()));
            refusal.message = format!("the key {}", refusal.message);
            refusal
        })
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refusal> {
        let Some(entry) = self.current.take() else {
            return Err(de::Error::custom("a value was asked for before its key"));
        };
        let path = self.parent.path.key(&entry.key);
        let value = NodeDeserializer { node: &entry.node, path: path.clone(), unknown: self.parent.unknown };
        seed.deserialize(value).map_err(|refusal| refusal.placed(&path, &entry.node.location))
    }
}

pub(super) struct Choice<'a, 'b> {
    pub(super) name: &'a str,
    pub(super) content: Option<&'a Node>,
    pub(super) parent: &'b NodeDeserializer<'a>,
}

impl<'de, 'a, 'b> de::EnumAccess<'de> for Choice<'a, 'b> {
    type Error = Refusal;
    type Variant = Self;
    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Refusal> {
        let variant = seed.deserialize(self.name.into_deserializer())?;
        Ok((variant, self))
    }
}

impl<'a> Choice<'a, '_> {
    fn content(&self) -> Result<NodeDeserializer<'a>, Refusal> {
        let Some(node) = self.content else {
            let message = format!("`{}` needs settings of its own", self.name.escape_debug());
            return self
                .parent
                .refuse(message, &format!("write `{}:` with its settings below it", self.name));
        };
        let path = self.parent.path.key(self.name);
        Ok(NodeDeserializer { node, path, unknown: self.parent.unknown })
    }
}

impl<'de> de::VariantAccess<'de> for Choice<'_, '_> {
    type Error = Refusal;

    fn unit_variant(self) -> Result<(), Refusal> {
        match self.content {
            Some(node) if !node.is_null() => {
                let message = format!("`{}` has no settings of its own", self.name.escape_debug());
                self.parent.refuse(message, &format!("write just `{}`", self.name))
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Refusal> {
        let content = self.content()?;
        let (path, location) = (content.path.clone(), &content.node.location);
        seed.deserialize(content).map_err(|refusal| refusal.placed(&path, location))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Refusal> {
        de::Deserializer::deserialize_seq(self.content()?, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        de::Deserializer::deserialize_struct(self.content()?, "", fields, visitor)
    }
}
