"""What calls and units took in truth: read from any file, measured, and set beside the model."""
