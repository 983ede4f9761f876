"""HTML as text: markup, controls, small parts without words of their own."""
