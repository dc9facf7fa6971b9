"""Amazon EC2: moto's, with the refusals, phases and tags that it lacks.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html has the error codes.
"""
