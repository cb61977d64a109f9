"""The only composers: network, decisions, archive and site are joined here and nowhere else."""
