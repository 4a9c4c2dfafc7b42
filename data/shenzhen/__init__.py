"""The modelled Shenzhen."""
