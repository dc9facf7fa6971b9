//! The port of the engine, for AWS.
