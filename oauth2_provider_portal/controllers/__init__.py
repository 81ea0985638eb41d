from . import connected_applications, personal_details
