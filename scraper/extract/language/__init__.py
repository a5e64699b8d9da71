"""What words mean, language by language: vocabulary as data, and what compiles it."""
