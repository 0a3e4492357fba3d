"""Where it comes from: posterior, next question, explanation, chain and concern."""
