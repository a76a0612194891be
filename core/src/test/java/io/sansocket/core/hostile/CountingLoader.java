package io.sansocket.core.hostile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Loads the core, and what is planted beside it, once more, with a counter at each method's entry, at each backward jump
 * and at each copy that it has the platform make; see {@link Steps}.
 *
 * <p>What the platform does inside one call and does not copy is not seen: comparisons, searches in a string, hashing,
 * and what zlib does besides taking a window and putting bytes out.
 */
final class CountingLoader extends ClassLoader {
    private static final String OURS = "io.sansocket.core.";
    private static final String TESTS = "io.sansocket.core.hostile.";
    private static final String PLANTED = "io.sansocket.core.hostile.Planted";
    private static final String COUNTER = "io/sansocket/core/hostile/Steps";

    CountingLoader() {
        super(CountingLoader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            boolean counts = !name.startsWith(TESTS) || name.startsWith(PLANTED);
            byte[] code = counts ? counting(bytes) : bytes;
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] counting(byte[] bytes) {
        var writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        new ClassReader(bytes)
                .accept(
                        new ClassVisitor(Opcodes.ASM9, writer) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] thrown) {
                                return new CountingMethod(
                                        super.visitMethod(access, name, descriptor, signature, thrown));
                            }
                        },
                        0);
        return writer.toByteArray();
    }

    private static final class CountingMethod extends MethodVisitor {
        private static final Set<String> RETURN_COPIES =
                Set.of("Ljava/lang/String;", "[B", "[C", "Ljava/util/List;", "Ljava/util/Set;");

        private static final Set<String> CODERS = Set.of("java/util/zip/Inflater", "java/util/zip/Deflater");

        private final Set<Label> passed = new HashSet<>();

        CountingMethod(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            call("step", "()V");
        }

        @Override
        public void visitLabel(Label label) {
            passed.add(label);
            super.visitLabel(label);
        }

        @Override
        public void visitJumpInsn(int opcode, Label label) {
            if (passed.contains(label)) {
                call("step", "()V");
            }
            super.visitJumpInsn(opcode, label);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            countCoders(owner, name);
            countArguments(owner, name, descriptor);
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            countResult(owner, name, descriptor);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
            if (descriptor.endsWith(")Ljava/lang/String;")) {
                copied(Opcodes.DUP, "(Ljava/lang/Object;)V");
            }
        }

        private void countCoders(String owner, String name) {
            if (CODERS.contains(owner)) {
                switch (name) {
                    case "<init>" -> call("made", "()V");
                    case "end" -> call("ended", "()V");
                    default -> {}
                }
            }
        }

        private void countArguments(String owner, String name, String descriptor) {
            switch (owner + "." + name) {
                case "java/lang/System.arraycopy", "java/util/Arrays.copyOf" -> copied(Opcodes.DUP, "(I)V");
                case "java/util/zip/Inflater.setDictionary" -> {
                    super.visitInsn(Opcodes.DUP);
                    call("primed", "(I)V");
                }
                case "java/util/Arrays.copyOfRange" -> copied(Opcodes.DUP2, "(II)V");
                case "java/nio/ByteBuffer.put", "java/nio/ByteBuffer.get" -> {
                    if (descriptor.contains("II)")) {
                        copied(Opcodes.DUP, "(I)V");
                    } else if (descriptor.startsWith("([B)") || descriptor.startsWith("(Ljava/nio/ByteBuffer;)")) {
                        copied(Opcodes.DUP, "(Ljava/lang/Object;)V");
                    }
                }
                case "java/io/ByteArrayOutputStream.writeBytes" -> copied(Opcodes.DUP, "(Ljava/lang/Object;)V");
                default -> {}
            }
        }

        private void countResult(String owner, String name, String descriptor) {
            if (owner.startsWith("io/sansocket/") || owner.equals("java/util/Arrays")) {
                return;
            }
            boolean newString = owner.equals("java/lang/String") && name.equals("<init>");
            boolean clone = owner.equals("[B") && name.equals("clone");
            if (newString || clone || RETURN_COPIES.contains(descriptor.substring(descriptor.indexOf(')') + 1))) {
                copied(Opcodes.DUP, "(Ljava/lang/Object;)V");
            } else if (owner.equals("java/util/zip/Inflater") && name.equals("inflate")) {
                super.visitInsn(Opcodes.DUP);
                call("inflated", "(I)V");
            }
        }

        private void copied(int duplicate, String descriptor) {
            super.visitInsn(duplicate);
            call("copied", descriptor);
        }

        private void call(String name, String descriptor) {
            super.visitMethodInsn(Opcodes.INVOKESTATIC, COUNTER, name, descriptor, false);
        }
    }
}
