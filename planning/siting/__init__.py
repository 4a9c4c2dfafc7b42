"""Where sites should stand: every model gives its plan with value, bound and gap."""
