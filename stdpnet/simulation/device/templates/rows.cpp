{# Spikes of the source: each walks its row of the matrix. #}
{% extends 'immediate.cpp' %}

{% block walk %}
            const int32_t _presynaptic_idx = _spikes[_spike];
            const size_t _row = (size_t)_presynaptic_idx * {{n_post}};
            for (int32_t _postsynaptic_idx = 0; _postsynaptic_idx < {{n_post}}; _postsynaptic_idx++)
            {
                const size_t _idx = _row + _postsynaptic_idx;
                const size_t _vectorisation_idx = _idx;
                {{without_indices(vector_code)|autoindent}}
            }
{% endblock %}
