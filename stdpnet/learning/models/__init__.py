"""A trained network to work with: estimators of scikit-learn, and a model that classifies and is kept in a file."""
