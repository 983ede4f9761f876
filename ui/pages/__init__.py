"""The pages: everything that only one page uses stands in its folder."""
