"""Amazon EKS, all of it ours: https://docs.aws.amazon.com/eks/latest/APIReference/Welcome.html.

A resource is the document that its Describe operation answers with. What goes on in the background is
an action on :mod:`stand_in.clock`.
"""
