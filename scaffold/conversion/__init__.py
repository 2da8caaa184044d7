"""From a Zip to a container image and back: a function of any SAM template, and the files in its folder."""
