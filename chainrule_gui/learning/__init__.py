"""What examines and exercises a learner: answers judged, mistakes understood, exercises made, results kept. No Qt."""
