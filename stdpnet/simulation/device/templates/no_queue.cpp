{# In place of pushing spikes into a queue: the pathway reads them where they are. #}
{% extends 'common_group.cpp' %}

{% block maincode %}
{% endblock %}
