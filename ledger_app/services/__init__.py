"""One function a use case; what the window and the command line both do."""
