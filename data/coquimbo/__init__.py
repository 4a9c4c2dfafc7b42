"""The embedded sample city, La Serena and Coquimbo."""
