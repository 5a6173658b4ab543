"""What gunicorn serves of the site of django-scim2."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.yardstick.peer.settings"
application = get_wsgi_application()
