"""The ground that every act stands on: the block, the door, who acts, when, and what the establishment is."""
