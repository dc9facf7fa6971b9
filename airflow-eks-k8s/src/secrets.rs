//! Generated secrets, kept in the cluster where AWS does not keep them.
