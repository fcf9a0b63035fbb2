{# Spikes of the target: each walks its column of the matrix. #}
{% extends 'immediate.cpp' %}

{% block walk %}
            const int32_t _postsynaptic_idx = _spikes[_spike];
            if (_postsynaptic_idx < _begin || _postsynaptic_idx >= _end) continue;
            for (int32_t _presynaptic_idx = 0; _presynaptic_idx < {{n_pre}}; _presynaptic_idx++)
            {
                const size_t _idx = (size_t)_presynaptic_idx * {{n_post}} + _postsynaptic_idx;
                const size_t _vectorisation_idx = _idx;
                {{without_indices(vector_code)|autoindent}}
            }
{% endblock %}
