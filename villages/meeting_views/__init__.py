"""Pages of meetings, inventory and letters, the printed books, and how well groups keep them."""
