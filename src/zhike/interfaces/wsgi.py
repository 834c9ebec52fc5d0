"""The web application, for any WSGI server: ``zhike.interfaces.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.interfaces.site")
application = get_wsgi_application()
