"""All pages in a pseudo-language: what isn't marked for translation, or is put together of parts, is found."""
