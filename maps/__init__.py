"""All that is looked at: the layer catalogue, vector tiles, styles and the web pages."""
