package dev.cutout;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Classes as they were compiled: which methods there are, what each does, and which others it can come to. */
final class Bytecode {
    private final Map<String, ClassNode> classes = new HashMap<>();

    /** A method of one of the classes. */
    record Method(ClassNode owner, MethodNode code) {
        @Override
        public String toString() {
            return owner.name.substring(owner.name.lastIndexOf('/') + 1) + "." + code.name;
        }

        boolean isSynchronized() {
            return (code.access & Opcodes.ACC_SYNCHRONIZED) != 0;
        }

        boolean entersMonitor() {
            return instructions().anyMatch(step -> step.getOpcode() == Opcodes.MONITORENTER);
        }

        /** What it calls or refers to, as {@code java/lang/Thread.start}, here and outside. */
        List<String> calls() {
            List<String> calls = new ArrayList<>();
            instructions().forEach(step -> {
                if (step instanceof MethodInsnNode call) {
                    calls.add(call.owner + "." + call.name);
                } else if (step instanceof InvokeDynamicInsnNode dynamic) {
                    handles(dynamic).forEach(handle -> calls.add(handle.getOwner() + "." + handle.getName()));
                }
            });
            return calls;
        }

        boolean uses(int opcode, String field) {
            return instructions()
                    .anyMatch(step -> step.getOpcode() == opcode
                            && step instanceof FieldInsnNode access
                            && access.owner.equals(owner.name)
                            && access.name.equals(field));
        }

        private Stream<AbstractInsnNode> instructions() {
            return Stream.of(code.instructions.toArray());
        }

        private static Stream<Handle> handles(InvokeDynamicInsnNode dynamic) {
            return Stream.of(dynamic.bsmArgs).filter(Handle.class::isInstance).map(Handle.class::cast);
        }
    }

    private Bytecode() {}

    /** All classes that were compiled together with this one. */
    static Bytecode besides(Class<?> one) {
        return of(one, file -> !file.equals("module-info.class"));
    }

    /** The classes that are declared in this one. */
    static Bytecode within(Class<?> one) {
        return of(one, file -> file.startsWith(one.getSimpleName() + "$"));
    }

    private static Bytecode of(Class<?> one, Predicate<String> wanted) {
        Bytecode read = new Bytecode();
        try (Stream<Path> files = Files.walk(
                Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI()))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class"))
                    .filter(path -> wanted.test(path.getFileName().toString()))
                    .toList()) {
                ClassNode node = new ClassNode();
                new ClassReader(Files.readAllBytes(file)).accept(node, ClassReader.SKIP_DEBUG);
                read.classes.put(node.name, node);
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("no classes beside " + one, e);
        }
        return read;
    }

    /** Every method of every class. */
    List<Method> methods() {
        return classes.values().stream()
                .flatMap(owner -> owner.methods.stream().map(code -> new Method(owner, code)))
                .toList();
    }

    /** The methods of one class, or those of this name if it is given. */
    List<Method> methods(Class<?> owner, String... names) {
        List<String> wanted = List.of(names);
        return methods().stream()
                .filter(method -> method.owner().name.equals(owner.getName().replace('.', '/')))
                .filter(method -> wanted.isEmpty() || wanted.contains(method.code().name))
                .toList();
    }

    /** Every method that these can come to within the classes: called, overridden, or handed on as a lambda. */
    Collection<Method> reachableFrom(List<Method> starts) {
        Map<String, Method> reached = new HashMap<>();
        Deque<Method> open = new ArrayDeque<>(starts);
        while (!open.isEmpty()) {
            Method method = open.pop();
            String id = method.owner().name + "." + method.code().name + method.code().desc;
            if (reached.putIfAbsent(id, method) == null) {
                method.instructions().forEach(step -> open.addAll(targets(step)));
            }
        }
        return reached.values();
    }

    private List<Method> targets(AbstractInsnNode step) {
        if (step instanceof MethodInsnNode call) {
            return targets(call.owner, call.name, call.desc);
        }
        List<Method> found = new ArrayList<>();
        if (step instanceof InvokeDynamicInsnNode dynamic) {
            Method.handles(dynamic)
                    .forEach(handle -> found.addAll(targets(handle.getOwner(), handle.getName(), handle.getDesc())));
        }
        return found;
    }

    /** The method where it is declared, at the owner or above, and wherever a class below the owner declares it anew. */
    private List<Method> targets(String owner, String name, String descriptor) {
        List<Method> found = new ArrayList<>();
        for (ClassNode node : classes.values()) {
            if (isKind(node.name, owner) || isKind(owner, node.name)) {
                node.methods.stream()
                        .filter(code -> code.name.equals(name) && code.desc.equals(descriptor))
                        .forEach(code -> found.add(new Method(node, code)));
            }
        }
        return found;
    }

    private boolean isKind(String type, String of) {
        ClassNode node = classes.get(type);
        return type.equals(of)
                || (node != null
                        && (isKind(node.superName, of)
                                || node.interfaces.stream().anyMatch(implemented -> isKind(implemented, of))));
    }
}
