"""Other people's queues, each doing what Visita's delivery does, by its own API and in its best configuration."""

from bench.peers.loading import load_peers
from bench.peers.peer import NotOfferedError, Peer

__all__ = ["NotOfferedError", "Peer", "load_peers"]
