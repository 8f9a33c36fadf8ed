"""What a task's pod needs: image, resources, variables, volumes, placement."""
