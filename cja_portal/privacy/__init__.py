"""What people may ask of the portal about themselves, across all apps."""
