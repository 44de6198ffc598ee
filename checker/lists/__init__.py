"""What is shown across sites: changes, figures, copied sentences and exports, with people's names masked."""
