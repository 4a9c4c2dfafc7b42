"""What endangers who comes to a scene: asked, known of the place, waited out, told to others."""
