"""What the learner sets: transport, function, network, parameters."""
