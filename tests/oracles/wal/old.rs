//! Records of schemas that engines read and no longer write.
