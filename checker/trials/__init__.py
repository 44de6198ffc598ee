"""From registry numbers on a page to what is known of the trials behind them."""
