"""The file store: uploads, exports, proofs and letters, encrypted and named by their content."""
