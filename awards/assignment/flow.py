"""The cheapest greatest flow through a network, by successive shortest paths.

Ford and Fulkerson's augmenting paths, each found by Dijkstra's search on costs that Edmonds and
Karp (1972) keep from being negative. Capacities and costs are whole numbers from zero up.
"""

from heapq import heappop, heappush
from math import inf


class Network:
    def __init__(self):
        self.edges = {}  # from a node: [to, capacity left, cost, the edge back]

    def add(self, start, end, capacity, cost=0):
        """Returns the edge: what is left of its capacity says what flows through it."""
        forth = [end, capacity, cost, None]
        back = [start, 0, -cost, forth]
        forth[3] = back
        self.edges.setdefault(start, []).append(forth)
        self.edges.setdefault(end, []).append(back)
        return forth

    def send(self, source, sink):
        """Send all that can flow, at the least cost; returns (amount, cost)."""
        amount = cost = 0
        potential = dict.fromkeys(self.edges, 0)
        while path := self._cheapest_path(source, sink, potential):
            step = min(edge[1] for edge in path)
            for edge in path:
                edge[1] -= step
                edge[3][1] += step
            amount += step
            cost += step * sum(edge[2] for edge in path)
        return amount, cost

    def _cheapest_path(self, source, sink, potential):
        distance, came_by = self._distances(source, sink, potential)
        if sink not in came_by:
            return []
        farthest = distance[sink]
        for node, away in distance.items():
            potential[node] += min(away, farthest) - farthest
        return _path(came_by, source, sink)

    def _distances(self, source, sink, potential):
        """As far as the sink: nodes beyond it need no distance of their own."""
        distance, came_by, settled = {source: 0}, {}, set()
        waiting = [(0, 0, source)]
        number = 0
        while waiting:
            away, _, node = heappop(waiting)
            if node in settled:
                continue
            settled.add(node)
            if node == sink:
                break
            here = away + potential[node]
            for edge in self.edges[node]:
                end, capacity, cost, _ = edge
                if capacity and (new := here + cost - potential[end]) < distance.get(end, inf):
                    distance[end], came_by[end] = new, edge
                    number += 1
                    heappush(waiting, (new, number, end))
        return {node: distance[node] for node in settled}, came_by

    def reachable(self, source):
        """The nodes that more could flow to: their border is the narrowest place."""
        reached, waiting = {source}, [source]
        while waiting:
            for end, capacity, *_ in self.edges[waiting.pop()]:
                if capacity and end not in reached:
                    reached.add(end)
                    waiting.append(end)
        return reached


def _path(came_by, source, sink):
    path, node = [], sink
    while node != source:
        path.append(came_by[node])
        node = came_by[node][3][0]
    return path
