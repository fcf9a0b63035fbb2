{# Spikes of the source: each walks its row of the matrix, past targets at which the statement changes nothing. #}
{% extends 'immediate.cpp' %}

{% block lists %}
    {% if idle_without %}
        static thread_local std::vector<int32_t> _blocks;  // of 16 targets that are not all idle: the first of each
        alignas(64) static char _act[{{(n_post + 15) // 16 * 16}}];
        for (int32_t _j = _begin; _j < _end; _j++)
            _act[_j] = {% for _array in idle_without %}{{' | ' if not loop.first}}({{_array}}[_j] != 0){% endfor %};
        _blocks.clear();
        for (int32_t _first = _begin; _first < _end; _first += 16)
        {
            uint64_t _any[2];
            std::memcpy(_any, _act + _first, 16);
            if (_any[0] | _any[1]) _blocks.push_back(_first);
        }
    {% endif %}
{% endblock %}

{% block walk %}
    {% macro _walk(first, end) %}
            #pragma GCC unroll 1
            for (int32_t _postsynaptic_idx = {{first}}; _postsynaptic_idx < {{end}}; _postsynaptic_idx++)
            {
                const size_t _idx = _row + _postsynaptic_idx;
                const size_t _vectorisation_idx = _idx;
                {{without_indices(vector_code)|autoindent}}
            }
    {% endmacro %}
            const int32_t _presynaptic_idx = _spikes[_spike];
            const size_t _row = (size_t)_presynaptic_idx * {{n_post}};
            {% if idle_without %}
            for (const int32_t _first : _blocks)
            {
                {% if n_post % 16 %}
                if (_first + 16 > {{n_post}})
                {
                    {{_walk('_first', n_post)}}
                    continue;
                }
                {% endif %}
                {{_walk('_first', '_first + 16')}}
            }
            {% else %}
            {{_walk('_begin', '_end')}}
            {% endif %}
{% endblock %}
