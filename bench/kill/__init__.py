"""Kill Kanal's processes while clients work, then check whether anything was lost or done twice (REL-1)."""
