"""The command line, `latent-darkroom`: a file a group of commands."""
