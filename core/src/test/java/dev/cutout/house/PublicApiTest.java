package dev.cutout.house;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What users can see is what was reviewed: the module's {@code api.txt} lists it, so that a change of the public API shows in the
 * change's own diff.
 *
 * <p>The listing is read off the compiled classes: every public or protected type of every exported package, and below it
 * its public and protected members with their generics, modifiers that users feel, and {@code throws}. Names are written
 * without their package where it is {@code java.lang} or the type's own.
 */
public class PublicApiTest {
    private final Path module = House.moduleOf(getClass());
    private final Path reviewedApi = module.resolve("api.txt");
    private final Path classes = module.resolve("target/classes");
    private final String rewrite = "mvn -pl " + House.name(module) + (module.equals(House.CORE) ? "" : " -am")
            + " test -Dtest=PublicApiTest -Dapi.write=true";

    @Test
    void isWhatWasReviewed() throws IOException {
        List<String> actual = listing();
        if (Boolean.getBoolean("api.write")) {
            Files.writeString(reviewedApi, String.join("\n", actual) + "\n");
            return;
        }
        List<String> reviewed = Files.exists(reviewedApi) ? Files.readAllLines(reviewedApi) : List.of();
        if (!actual.equals(reviewed)) {
            fail("The public API is not what " + House.name(reviewedApi) + " says:\n\n" + difference(reviewed, actual)
                    + "\nIf that is meant, run\n  " + rewrite + "\nand have the file reviewed with the change.");
        }
    }

    private List<String> listing() {
        ModuleDescriptor module =
                ModuleFinder.of(classes).findAll().iterator().next().descriptor();
        List<String> lines = new ArrayList<>();
        lines.add("# The public API of module " + module.name() + ". Written by: " + rewrite);
        module.exports().stream()
                .filter(exported -> !exported.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .sorted()
                .forEach(name -> {
                    lines.add("");
                    lines.add("package " + name);
                    typesOf(name).forEach(type -> lines.addAll(listing(type)));
                });
        return lines;
    }

    private List<Class<?>> typesOf(String packageName) {
        Path folder = classes.resolve(packageName.replace('.', '/'));
        return House.files(folder, ".class").stream()
                .filter(file -> Objects.equals(file.getParent(), folder))
                .map(file -> file.getFileName().toString().replace(".class", ""))
                .filter(name -> !name.equals("package-info"))
                .<Class<?>>map(name -> load(packageName + "." + name))
                .filter(PublicApiTest::isVisible)
                .sorted((a, b) -> a.getName().compareTo(b.getName()))
                .toList();
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApiTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Users see a type if they see everything it is declared in. */
    private static boolean isVisible(Class<?> type) {
        if (type.isAnonymousClass() || type.isLocalClass() || type.isSynthetic()) {
            return false;
        }
        Class<?> outer = type.getDeclaringClass();
        return isVisible(type.getModifiers()) && (outer == null || isVisible(outer));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static List<String> listing(Class<?> type) {
        TreeSet<String> members = new TreeSet<>();
        if (type.isEnum()) {
            // in the order of their declaration, which is the order that compareTo gives them
            members.add(" = "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> ((Enum<?>) constant).name())
                            .collect(Collectors.joining(", ")));
        }
        for (Field field : type.getDeclaredFields()) {
            if (isVisible(field.getModifiers()) && !field.isSynthetic() && !field.isEnumConstant()) {
                members.add(words(
                        modifiers(field.getModifiers(), Modifier.fieldModifiers()),
                        name(field.getGenericType(), type),
                        field.getName()));
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isVisible(constructor.getModifiers()) && !constructor.isSynthetic() && !isImplied(constructor)) {
                members.add(words(
                        modifiers(constructor.getModifiers(), Modifier.constructorModifiers()),
                        typeParameters(constructor.getTypeParameters(), type),
                        "new" + parameters(constructor, type)));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isVisible(method.getModifiers()) && !method.isSynthetic() && !isImplied(method)) {
                int implied = Modifier.SYNCHRONIZED | (type.isInterface() ? Modifier.ABSTRACT : 0);
                members.add(words(
                        modifiers(method.getModifiers(), Modifier.methodModifiers() & ~implied),
                        method.isDefault() ? "default" : "",
                        typeParameters(method.getTypeParameters(), type),
                        name(method.getGenericReturnType(), type),
                        method.getName() + parameters(method, type)));
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("  " + heading(type));
        members.forEach(member -> lines.add("    " + member.strip()));
        return lines;
    }

    /** A record's components are in its heading; its constructor says nothing more. */
    private static boolean isImplied(Constructor<?> constructor) {
        Class<?> type = constructor.getDeclaringClass();
        return type.isRecord()
                && componentsOf(type)
                        .map(RecordComponent::getType)
                        .toList()
                        .equals(List.of(constructor.getParameterTypes()));
    }

    /** Every object has these, every enum, every record. */
    private static boolean isImplied(Method method) {
        String signature = method.getName() + Arrays.toString(method.getParameterTypes());
        boolean anyObject = List.of("equals[class java.lang.Object]", "hashCode[]", "toString[]")
                .contains(signature);
        boolean anyEnum = List.of("values[]", "valueOf[class java.lang.String]").contains(signature);
        Class<?> type = method.getDeclaringClass();
        boolean accessor = type.isRecord()
                && componentsOf(type).map(RecordComponent::getAccessor).anyMatch(method::equals);
        return anyObject || accessor || (anyEnum && type.isEnum());
    }

    private static String heading(Class<?> type) {
        int modifiers = type.getModifiers();
        String kind = type.isAnnotation()
                ? "@interface"
                : type.isInterface() ? "interface" : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
        if (!kind.equals("class")) {
            // what the kind implies is not said again; nor whether an enum's constants have bodies
            modifiers &= ~(Modifier.ABSTRACT | Modifier.FINAL | Modifier.STATIC);
        }
        Type parent = type.getGenericSuperclass();
        boolean telling = kind.equals("class") && parent != null && parent != Object.class;
        return words(
                modifiers(modifiers, Modifier.classModifiers()),
                type.isSealed() && !type.isEnum() ? "sealed" : "",
                kind,
                shortName(type, type)
                        + typeParameters(type.getTypeParameters(), type)
                        + (type.isRecord()
                                ? componentsOf(type)
                                        .map(component ->
                                                name(component.getGenericType(), type) + " " + component.getName())
                                        .collect(Collectors.joining(", ", "(", ")"))
                                : ""),
                telling ? "extends " + name(parent, type) : "",
                list(type.isInterface() ? "extends " : "implements ", visible(type.getGenericInterfaces()), type),
                type.isSealed() && !type.isEnum()
                        ? list("permits ", visible(type.getPermittedSubclasses()), type)
                        : "");
    }

    private static Stream<RecordComponent> componentsOf(Class<?> record) {
        return Arrays.stream(Objects.requireNonNull(record.getRecordComponents()));
    }

    /** Those of the types that users see: the others are ours to change. */
    private static Type[] visible(Type[] types) {
        return Arrays.stream(types)
                .filter(type -> isVisible((Class<?>) (type instanceof ParameterizedType p ? p.getRawType() : type)))
                .toArray(Type[]::new);
    }

    private static String parameters(Executable executable, Class<?> from) {
        Type[] types = executable.getGenericParameterTypes();
        String[] names = Arrays.stream(types).map(type -> name(type, from)).toArray(String[]::new);
        if (executable.isVarArgs()) {
            int last = names.length - 1;
            names[last] = names[last].substring(0, names[last].length() - 2) + "...";
        }
        Type[] thrown = executable.getGenericExceptionTypes();
        String clause = list(" throws ", thrown, from);
        return "(" + String.join(", ", names) + ")" + clause;
    }

    private static String typeParameters(TypeVariable<?>[] variables, Class<?> from) {
        if (variables.length == 0) {
            return "";
        }
        return Arrays.stream(variables)
                .map(variable -> {
                    String bounds = Arrays.stream(variable.getBounds())
                            .filter(bound -> bound != Object.class)
                            .map(bound -> name(bound, from))
                            .collect(Collectors.joining(" & "));
                    return bounds.isEmpty() ? variable.getName() : variable.getName() + " extends " + bounds;
                })
                .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String list(String word, Type[] types, Class<?> from) {
        return types.length == 0
                ? ""
                : Arrays.stream(types)
                        .map(type -> name(type, from))
                        .sorted()
                        .collect(Collectors.joining(", ", word, ""));
    }

    private static String name(Type type, Class<?> from) {
        if (type instanceof Class<?> c) {
            return c.isArray() ? name(c.getComponentType(), from) + "[]" : shortName(c, from);
        }
        if (type instanceof ParameterizedType p) {
            String arguments = Arrays.stream(p.getActualTypeArguments())
                    .map(argument -> name(argument, from))
                    .collect(Collectors.joining(", ", "<", ">"));
            return shortName((Class<?>) p.getRawType(), from) + arguments;
        }
        if (type instanceof GenericArrayType a) {
            return name(a.getGenericComponentType(), from) + "[]";
        }
        if (type instanceof WildcardType w) {
            if (w.getLowerBounds().length > 0) {
                return "? super " + name(w.getLowerBounds()[0], from);
            }
            return w.getUpperBounds()[0] == Object.class ? "?" : "? extends " + name(w.getUpperBounds()[0], from);
        }
        return ((TypeVariable<?>) type).getName();
    }

    private static String shortName(Class<?> type, Class<?> from) {
        String name = type.getName();
        boolean near = type.getPackageName().equals("java.lang")
                || type.getPackageName().equals(from.getPackageName());
        return (near ? name.substring(name.lastIndexOf('.') + 1) : name).replace('$', '.');
    }

    /** All but "public", since whatever is listed is public where it does not say protected. */
    private static String modifiers(int modifiers, int allowed) {
        return Modifier.toString(modifiers & allowed & ~Modifier.PUBLIC);
    }

    private static String words(String... words) {
        return Stream.of(words).filter(word -> !word.isEmpty()).collect(Collectors.joining(" "));
    }

    /** Lines that went and lines that came, each below the package or type that it belongs to. */
    private static String difference(List<String> reviewed, List<String> actual) {
        int[][] common = new int[reviewed.size() + 1][actual.size() + 1];
        for (int i = reviewed.size() - 1; i >= 0; i--) {
            for (int j = actual.size() - 1; j >= 0; j--) {
                common[i][j] = reviewed.get(i).equals(actual.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        StringBuilder changes = new StringBuilder();
        String owner = "";
        for (int i = 0, j = 0; i < reviewed.size() || j < actual.size(); ) {
            if (i < reviewed.size() && j < actual.size() && reviewed.get(i).equals(actual.get(j))) {
                if (!actual.get(j).isBlank() && !actual.get(j).startsWith("    ")) {
                    owner = "  " + actual.get(j) + "\n";
                }
                i++;
                j++;
                continue;
            }
            boolean came = i == reviewed.size() || (j < actual.size() && common[i][j + 1] > common[i + 1][j]);
            String line = came ? actual.get(j++) : reviewed.get(i++);
            if (!line.isBlank()) {
                changes.append(owner).append(came ? "+ " : "- ").append(line).append('\n');
                owner = "";
            }
        }
        return changes.toString();
    }
}
