"""What people do in the workspace, and the API by which the page does it for them."""
