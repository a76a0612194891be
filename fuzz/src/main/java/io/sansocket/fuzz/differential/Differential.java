package io.sansocket.fuzz.differential;

import java.nio.file.Path;
import java.util.*;

final class Differential {
    public static void main(String[] args) throws Exception {
        long n = Long.parseLong(args[0]);
        long from = args.length > 1 ? Long.parseLong(args[1]) : 0;
        StreamMaker maker = new StreamMaker(1);
        List<Judge> judges = new ArrayList<>(List.of(new NettyJudge(), new JavaWebSocketJudge()));
        Path py = Path.of("/work/wt-differential/fuzz/target/venv/bin/python");
        Path sc = Path.of("/work/wt-differential/fuzz/src/main/python/judge.py");
        judges.add(PythonJudge.start(py, sc, "websockets", 8));
        judges.add(PythonJudge.start(py, sc, "wsproto", 9));
        Judge ours = new SansocketJudge();
        long[] t = new long[8];
        int refBad = 0;
        Map<String, int[]> kinds = new TreeMap<>();
        Map<String, String> ex = new TreeMap<>();
        for (long base = from; base < from + n; base += 500) {
            List<Stream> streams = new ArrayList<>();
            long a = System.nanoTime();
            for (long i = base; i < Math.min(from + n, base + 500); i++) streams.add(maker.make(i));
            t[6] += System.nanoTime() - a;
            a = System.nanoTime();
            List<Verdict> our = ours.judge(streams);
            t[5] += System.nanoTime() - a;
            List<Expected> exp = new ArrayList<>();
            a = System.nanoTime();
            for (Stream s : streams) exp.add(Reference.judge(s));
            t[4] += System.nanoTime() - a;
            for (int i = 0; i < streams.size(); i++) {
                Verdict e = exp.get(i).verdict();
                if (!e.agreesWith(our.get(i)) || !our.get(i).why().startsWith(e.why())) {
                    if (refBad++ < 5) System.out.println("REF " + streams.get(i) + "\n  ref  " + e + "\n  ours " + our.get(i));
                }
            }
            for (int j = 0; j < judges.size(); j++) {
                Judge judge = judges.get(j);
                List<Stream> taken = streams.stream().filter(judge::takes).toList();
                a = System.nanoTime();
                List<Verdict> v = judge.judge(taken);
                t[j] += System.nanoTime() - a;
                for (int i = 0; i < taken.size(); i++) {
                    int k = streams.indexOf(taken.get(i));
                    Verdict o = our.get(k), p = v.get(i);
                    if (o.agreesWith(p)) continue;
                    Kind kind = Kind.of(taken.get(i), exp.get(k), p, judge.name());
                    int c = 0; while (c < Math.min(o.items().size(), p.items().size()) && o.items().get(c).equals(p.items().get(c))) c++;
                    String shape = (o.items().size() == p.items().size() && c == o.items().size()) ? "=" : c == p.items().size() ? "fewer" : c == o.items().size() ? "more" : "other";
                    String key = kind != null ? judge.name() + " KIND " + kind : judge.name() + " | " + exp.get(k).rule() + " " + o.end().ending() + o.end().code() + " -> " + p.end().ending() + p.end().code() + " " + shape + " " + exp.get(k).facts().keySet() + " whole=" + exp.get(k).frame().isWhole() + " b=" + exp.get(k).frame().breaches() + " " + p.why().replaceAll("[0-9]+", "#").substring(0, Math.min(70, p.why().replaceAll("[0-9]+", "#").length()));
                    kinds.computeIfAbsent(key, x -> new int[1])[0]++;
                    String d = taken.get(i) + "\n  ours  " + o + "\n  theirs " + p;
                    if (!ex.containsKey(key) || ex.get(key).length() > d.length()) ex.put(key, d);
                }
            }
        }
        System.out.println("reference differs: " + refBad);
        kinds.entrySet().stream().sorted((x, y) -> y.getValue()[0] - x.getValue()[0]).forEach(e -> System.out.println(e.getValue()[0] + "  " + e.getKey()));
        System.out.println("ms: " + Arrays.toString(Arrays.stream(t).map(x -> x / 1000000).toArray()));
        String show = System.getProperty("show", "none");
        ex.forEach((k, v) -> { if (k.contains(show) || (show.equals("unexplained") && !k.contains("KIND"))) System.out.println("---- " + k + "\n" + v); });
        judges.forEach(Judge::close);
    }
}
