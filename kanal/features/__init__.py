"""What any record can have; each feature stands on its own and none knows another."""
