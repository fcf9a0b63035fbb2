{# A plain connect(): synapse i * N_post + j goes from i to j. #}
{# USES_VARIABLES { _synaptic_pre, _synaptic_post, N_incoming, N_outgoing, N, N_pre, N_post } #}
{# WRITES_TO_READ_ONLY_VARIABLES { _synaptic_pre, _synaptic_post, N_incoming, N_outgoing, N } #}
{% extends 'common_synapses.cpp' %}

{% block maincode %}
    const size_t _n_pre = {{constant_or_scalar('N_pre', variables['N_pre'])}};
    const size_t _n_post = {{constant_or_scalar('N_post', variables['N_post'])}};
    {{_dynamic_N_outgoing}}.assign(_n_pre, _n_post);
    {{_dynamic_N_incoming}}.assign(_n_post, _n_pre);
    {{_dynamic__synaptic_pre}}.resize(_n_pre * _n_post);
    {{_dynamic__synaptic_post}}.resize(_n_pre * _n_post);
    for (size_t _i = 0; _i < _n_pre; _i++)
        for (size_t _j = 0; _j < _n_post; _j++)
        {
            {{_dynamic__synaptic_pre}}[_i * _n_post + _j] = _i;
            {{_dynamic__synaptic_post}}[_i * _n_post + _j] = _j;
        }
    {% for varname in owner._registered_variables | variables_to_array_names(access_data=False) | sort %}
    {{varname}}.resize(_n_pre * _n_post);
    {% endfor %}
    {{N}} = _n_pre * _n_post;
{% endblock %}
