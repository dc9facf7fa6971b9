"""What `airflow-eks apply --only aws` leaves in an account, against a table that was written by hand.

Nothing here knows the program: it asks AWS, through boto3, and compares. `python -m inventory --help`.
"""
