"""From model objects to what is seen, copied and spoken: Typst, LaTeX, MathML, words. No Qt."""
