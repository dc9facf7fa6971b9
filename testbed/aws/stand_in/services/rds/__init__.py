"""Amazon RDS: moto's, with phases, refusals, engine versions and what is shown of an instance.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/Welcome.html
"""
