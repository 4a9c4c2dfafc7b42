"""Other risks of areas: chronic disease, mothers, children, heat, air, mosquitoes, inspections."""
