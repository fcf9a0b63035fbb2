{# The time loop. All objects of the networks that this device is for share one clock, so a step
   is a walk through a list of functions; neither a set of clocks nor the processor's time has to
   be asked for at every step. Several threads walk it together; those that have nothing to do in a function go on until
   they have to wait for what another one does. #}
{% macro cpp_file() %}
#include "network.h"
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <new>
#include <thread>

// Every array has cache lines of its own, so that a thread that writes to one takes no other away from another thread.
void* operator new(const std::size_t size)
{
    void* const found = aligned_alloc(64, std::max<std::size_t>(64, (size + 63) / 64 * 64));
    if (!found) throw std::bad_alloc();
    return found;
}
void operator delete(void* const array) noexcept { std::free(array); }
void operator delete(void* const array, std::size_t) noexcept { std::free(array); }

double Network::_last_run_time = 0.0;
double Network::_last_run_completed_fraction = 0.0;
bool Network::_globally_stopped = false;
bool Network::_globally_running = false;

int _n_threads = 1;
__thread int _thread = 0;

namespace {
    // how many operations of all steps each thread has done, as far as somebody waits for them; a cache line each
    struct alignas(128) Place { std::atomic<uint64_t> number; };
    Place _places[{{most_threads}}];

    void _wait_for(const int thread, const uint64_t number)
    {
        for (int turn = 0; _places[thread].number.load(std::memory_order_acquire) < number; turn++)
        {
            if (turn < 2000)
            {
                #if defined(__x86_64__)
                __builtin_ia32_pause();
                #elif defined(__aarch64__)
                asm volatile("yield");
                #endif
            }
            else if (turn < 4000) std::this_thread::yield();
            else std::this_thread::sleep_for(std::chrono::microseconds(50));
        }
    }

    void _tell(const uint64_t number) { _places[_thread].number.store(number, std::memory_order_release); }

    void _wait_for_others(const uint64_t number)
    {
        for (int k = 1; k < _n_threads; k++) if (k != _thread) _wait_for(k, number);
    }

    // Each part has left its spikes at its first place, and -1 after the last one where it had fewer than neurons.
    void _gather(int32_t* const events, const int32_t n)
    {
        int32_t count = 0;
        for (int k = 0; k < _n_threads; k++)
        {
            const int32_t end = _part(n, k + 1);
            for (int32_t place = _part(n, k); place < end && events[place] >= 0; place++)
            {
                if (place != count) events[count] = events[place];
                count++;
            }
        }
        if (events[n] != count) events[n] = count;  // what is written again travels again
    }
}

Network::Network() : t(0.0) {}

void Network::clear() { objects.clear(); }

void Network::add(Clock* clock, codeobj_func function, bool shared, int first, int others, bool told)
{
    objects.push_back(Operation{clock, function, nullptr, 0, shared, first, others, told});
}

void Network::add(Clock* clock, int32_t* events, int32_t n, bool shared, int first, int others, bool told)
{
    objects.push_back(Operation{clock, nullptr, events, n, shared, first, others, told});
}

void Network::walk(Clock* clock)
{
    const int n = objects.size();
    uint64_t done = 0;
    do
    {
        for (int i = 0; i < n; i++)
        {
            const Operation &operation = objects[i];
            if (_thread)
            {
                if (!operation.shared) continue;
                if (operation.first >= 0) _wait_for(0, done + operation.first + 1);
            }
            if (operation.others >= 0) _wait_for_others(done + operation.others + 1);
            if (operation.function) operation.function();
            else if (operation.events) _gather(operation.events, operation.n);
            if (operation.told) _tell(done + i + 1);
        }
        done += n + 1;
        if (_thread)
        {
            _tell(done);
            _wait_for(0, done);
        }
        else
        {
            _wait_for_others(done);
            clock->tick();
            _going_on = clock->running() && !_globally_stopped;
            _tell(done);
        }
    } while (_going_on);
}

void Network::run(const double duration, report_function, const double)
{
    if (objects.empty()) return;
    Clock* const clock = objects[0].clock;
    for (const Operation &operation : objects)
        if (operation.clock != clock)
        {
            std::cerr << "a network of this device has one clock" << std::endl;
            std::exit(1);
        }
    const char* const asked = std::getenv("{{threads_variable}}");
    _n_threads = asked ? std::min(std::max(std::atoi(asked), 1), {{most_threads}}) : 1;
    const double t_start = t, t_end = t + duration;
    clock->set_interval(t, t_end);
    _globally_running = true;
    _globally_stopped = false;
    if (clock->running())
    {
        for (Place &place : _places) place.number = 0;
        std::vector<std::thread> others;
        for (int k = 1; k < _n_threads; k++) others.emplace_back([=] { _thread = k; walk(clock); });
        walk(clock);
        for (std::thread &other : others) other.join();
    }
    _globally_running = false;
    t = _globally_stopped ? clock->t[0] : t_end;
    _last_run_completed_fraction = duration > 0 ? (t - t_start) / duration : 1.0;
}
{% endmacro %}

{% macro h_file() %}
#ifndef _BRIAN_NETWORK_H
#define _BRIAN_NETWORK_H

#include <algorithm>
#include <cstdint>
#include <vector>
#include "brianlib/clocks.h"

typedef void (*codeobj_func)();
typedef void (*report_function)(const double, const double, const double, const double);

// Which thread this is, and of how many.
extern __thread int _thread;
extern int _n_threads;

// The first of n neurons that a thread owns, in whole blocks of 64. The first thread, which does alone what is not shared,
// owns so many blocks less than each of the others.
static inline int32_t _part(const int32_t n, const int thread)
{
    const int32_t blocks = (n + 63) / 64, fewer = {{blocks_fewer}};
    if (thread == 0) return 0;
    const int32_t first = _n_threads == 1 ? blocks : std::max(0, (blocks - fewer * (_n_threads - 1)) / _n_threads);
    const int32_t others = _n_threads == 1 ? 0 : (int64_t)(blocks - first) * (thread - 1) / (_n_threads - 1);
    return std::min<int32_t>(n, (first + others) * 64);
}

class Network
{
public:
    struct Operation
    {
        Clock* clock;
        codeobj_func function;
        int32_t* events;  // to be gathered, where there is no function
        int32_t n;
        bool shared;      // each thread does its part; else the first one does all
        int first;        // the other threads wait until the first one has done this operation (-1: none)
        int others;       // until the others have done this one
        bool told;        // somebody waits for this one
    };
    std::vector<Operation> objects;
    double t;
    static double _last_run_time;
    static double _last_run_completed_fraction;
    static bool _globally_stopped;
    static bool _globally_running;

    Network();
    void clear();
    void add(Clock* clock, codeobj_func function, bool shared = false, int first = -1, int others = -1,
             bool told = false);
    void add(Clock* clock, int32_t* events, int32_t n, bool shared = false, int first = -1, int others = -1,
             bool told = false);
    void run(const double duration, report_function report, const double report_period);

private:
    bool _going_on;
    void walk(Clock* clock);
};
#endif
{% endmacro %}
